// Fills whatever form is open from a table of answers, by the names of its fields alone: the forms are data,
// so a journey that knew their layout would have to be written again for each item.

/** Fills every field of the page's own form; fields without an answer stay as they are when they may. */
export async function fill(page, answers) {
  const form = page.locator("main form[method=post]").first();
  const names = await form.locator("input:not([type=hidden]), select, textarea").evaluateAll((fields) => [
    ...new Set(fields.map((field) => field.name).filter(Boolean)),
  ]);
  for (const name of names) {
    const date = name.match(/^(.*)-(year|month|day)$/);
    const fact = date ? date[1] : name;
    const answer = answers[fact];
    const field = form.locator(`[name="${name}"]`);
    if (date) {
      if (answer) await field.fill(String(Number(answer.split("-")[["year", "month", "day"].indexOf(date[2])])));
      continue;
    }
    const kind = await field.first().evaluate((one) => (one.tagName === "INPUT" ? one.type : one.tagName.toLowerCase()));
    if (kind === "radio") await choose(field, [answer].flat().flatMap(spellings));
    else if (kind === "checkbox") for (const one of [answer].flat()) await choose(field, spellings(one));
    else if (kind === "select") await pick(field, spellings(answer));
    else if (kind !== "file" && answer !== undefined) await field.fill([answer].flat().join("\n"));
  }
}

/** Presses the form's own button and waits for the page after it. */
export async function send(page) {
  const button = page.locator("main form[method=post] button[type=submit], main form[method=post] button:not([type])").first();
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), button.click()]);
}

/** How a value may be spelled in a form. */
function spellings(answer) {
  if (answer === undefined || answer === null) return [];
  if (answer === true) return ["true", "yes"];
  if (answer === false) return ["false", "no"];
  return [String(answer)];
}

/** Ticks the box with one of these values; with none of them the first, if nothing is ticked yet. */
async function choose(field, wanted) {
  const values = await field.evaluateAll((boxes) => boxes.map((box) => box.value));
  const place = values.findIndex((value) => wanted.includes(value));
  if (place >= 0) await field.nth(place).check({ force: true });
  else if (wanted.length === 0 && (await field.evaluateAll((boxes) => boxes.every((box) => !box.checked))))
    await field.first().check({ force: true });
  else if (wanted.length > 0) throw new Error(`${wanted} is not among ${values}`);
}

async function pick(field, wanted) {
  const values = await field.locator("option").evaluateAll((options) => options.map((option) => option.value));
  const value = values.find((one) => wanted.includes(one)) ?? values.find((one) => one !== "");
  await field.selectOption(value);
}
