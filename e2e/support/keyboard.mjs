// Somebody who uses no mouse. Whatever is done here is done by keys alone: Tab moves on, arrows choose, the space bar
// ticks, Enter sends. What the focus never reaches cannot be answered, and what takes the focus unseen fails.
import assert from "node:assert/strict";

/** Most stops of a page: more than any page has. */
const STOPS = 400;

/** The keyboard of this page. */
export function keyboard(page) {
  const press = (key) => page.keyboard.press(key);

  /** Where the focus is: what it is, what it is called, and whether somebody could see it. */
  async function focus() {
    return page.evaluate(() => {
      const one = document.activeElement;
      if (!one || one === document.body || one === document.documentElement) return null;
      const form = one.form ?? one.closest("form");
      const seen = () => {
        if (!one.matches(":focus-visible")) return `no ring on ${one.outerHTML.slice(0, 200)}`;
        const boxes = [...one.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
        const box = boxes[0];
        if (!box) return `no size: ${one.outerHTML.slice(0, 200)}`;
        // Of a tall field only the line with the caret need be on the screen.
        const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
        const [upper, lower] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
        if (right - left < 1 || lower - upper < Math.min(box.height, 12)) return `out of sight: ${one.outerHTML.slice(0, 200)}`;
        const [x, y] = [(left + right) / 2, (upper + lower) / 2];
        const top = document.elementFromPoint(x, y);
        const label = top?.closest("label")?.control;
        return one.contains(top) || top?.contains(one) || label === one ? "" : `behind ${top?.outerHTML.slice(0, 120)}: ${one.outerHTML.slice(0, 200)}`;
      };
      return {
        tag: one.tagName.toLowerCase(),
        type: one.type ?? "",
        name: one.name ?? "",
        value: one.value ?? "",
        checked: one.checked ?? false,
        action: form?.getAttribute("action") ?? "",
        posts: form?.method === "post" && !!one.closest("main"),
        options: one.tagName === "SELECT" ? [...one.options].map((option) => option.value) : [],
        among: one.type === "radio" ? [...form.elements].filter((other) => other.name === one.name).map((other) => other.value) : [],
        seen: seen(),
      };
    });
  }

  async function tab() {
    await press("Tab");
    const at = await focus();
    if (at) assert.equal(at.seen, "", `${page.url()}: the focus cannot be seen`);
    return at;
  }

  /** Leaves the head of the page by the skip link, unless the focus was led somewhere already. */
  async function start() {
    if (await focus()) return;
    await tab();
    const first = await page.evaluate(() => document.activeElement.getAttribute("href"));
    assert.equal(first, "#main-content", `${page.url()}: the first stop is the skip link`);
    await press("Enter");
  }

  /** Moves the focus to this element, from wherever it is; once around when it lies behind. */
  async function reach(target) {
    const is = () => target.evaluate((one) => one === document.activeElement);
    assert.equal(await target.count(), 1, `${page.url()}: ${target} is one thing`);
    for (let stops = 0; stops < STOPS; stops += 1) {
      if (await is()) return;
      await tab();
    }
    throw new Error(`${page.url()}: the keyboard never reaches ${target}`);
  }

  /** Presses what has the focus and waits for the page that comes. */
  async function enter() {
    await Promise.all([page.waitForNavigation({ waitUntil: "load" }), press("Enter")]);
  }

  /** Follows this link, or presses this button, to the next page. */
  async function follow(target) {
    await start();
    await reach(target);
    await enter();
  }

  /** Writes over what stands in the field. */
  async function write(text) {
    await press("Control+a");
    if (text === "") await press("Delete");
    else await page.keyboard.insertText(text);
  }

  /** Chooses by arrows until the value is the first of those wanted that is there. */
  async function choose(at, wanted) {
    const value = wanted.find((one) => at.among.includes(one));
    assert.ok(value !== undefined, `${at.name}: ${wanted} is not among ${at.among}`);
    if (at.value === value) return at.checked || press("Space");
    for (let steps = 0; steps < at.among.length; steps += 1) {
      await press("ArrowDown");
      if ((await focus()).value === value) return;
    }
    throw new Error(`${at.name}: the arrows never come to ${value}`);
  }

  async function select(at, wanted) {
    const value = wanted.find((one) => at.options.includes(one));
    assert.ok(value !== undefined, `${at.name}: ${wanted} is not among ${at.options}`);
    const way = at.options.indexOf(value) - at.options.indexOf(at.value);
    for (let steps = 0; steps < Math.abs(way); steps += 1) await press(way > 0 ? "ArrowDown" : "ArrowUp");
    assert.equal((await focus()).value, value, `${at.name}: chosen by arrows`);
  }

  /** One field, as the table of answers says; what nobody has an answer for stays as it is. */
  async function answer(at, answers) {
    const [, fact = at.name, part] = at.name.match(/^(.*)-(year|month|day)$/) ?? [];
    const given = answers[fact];
    if (given === undefined || given === null) return;
    if (part) await write(String(Number(given.split("-")[["year", "month", "day"].indexOf(part)])));
    else if (at.type === "radio") await choose(at, spellings(given));
    else if (at.tag === "select") await select(at, spellings(given));
    else if (at.type === "checkbox") {
      if ([given].flat().flatMap(spellings).includes(at.value) !== at.checked) await press("Space");
    } else if (at.type === "file") {
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press("Enter")]);
      await chooser.setFiles(given);
    } else await write([given].flat().join("\n"));
  }

  /**
   * Goes through the form once, from the first field to its button, and answers what it comes by. Gives the names of the
   * fields it met, each once; the focus rests on the button. `action` is the form meant, where a page has several.
   */
  async function fill(answers, { action } = {}) {
    const met = [];
    await start();
    for (let stops = 0; stops < STOPS; stops += 1) {
      const at = await tab();
      if (!at?.posts || (action && at.action !== action)) continue;
      if (at.tag === "button") {
        if (at.type === "submit" && ["", "step"].includes(at.name)) return met;
        continue;
      }
      if (!["input", "select", "textarea"].includes(at.tag)) continue;
      if (at.type !== "checkbox") {
        assert.ok(!met.includes(at.name), `${page.url()}: ${at.name} is passed twice`);
      }
      if (!met.includes(at.name)) met.push(at.name);
      await answer(at, answers);
    }
    throw new Error(`${page.url()}: the form ${action ?? ""} has no button the keyboard reaches; met ${met}`);
  }

  return {
    press,
    start,
    reach,
    follow,
    enter,
    fill,
    focus,
    /** Fills the form and sends it. */
    async send(answers = {}, options = {}) {
      const met = await fill(answers, options);
      await enter();
      return met;
    },
    /** Writes into this field and leaves it to Enter to send it. */
    async type(target, text) {
      await reach(target);
      await write(text);
    },
  };
}

/** How a value may be spelled in a form. */
function spellings(answer) {
  if (answer === undefined || answer === null) return [];
  if (answer === true) return ["true", "yes"];
  if (answer === false) return ["false", "no"];
  return [answer].flat().map(String);
}
