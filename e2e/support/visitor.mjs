// A visitor without a browser: cookies and forms, nothing else. What works here works without scripts.

export function visitor(base) {
  const cookies = new Map();
  async function send(path, options = {}) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(new URL(path, base), {
      redirect: "manual",
      ...options,
      headers: { ...(options.headers ?? {}), cookie },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=");
      cookies.set(name, value);
    }
    const to = answer.headers.get("location");
    if (to && answer.status >= 300 && answer.status < 400) return send(to);
    return { status: answer.status, html: await answer.text() };
  }
  return {
    send,
    open: (path) => send(path),
    /** Fills the form with this action on the page shown and sends it. */
    submit(page, action, values = {}) {
      const forms = [...page.html.matchAll(/<form\b[\s\S]*?<\/form>/g)].map((found) => found[0]);
      const form = forms.find((one) => one.includes(`action="${action}"`));
      if (!form) throw new Error(`no form to ${action} on the page:\n${page.html.slice(0, 3000)}`);
      const fields = new URLSearchParams();
      for (const [input] of form.matchAll(/<(?:input|button)\b[^>]*>/g)) {
        const attribute = (name) => input.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
        const kept = attribute("type") === "hidden" || (input.startsWith("<button") && attribute("name"));
        if (kept && !fields.has(attribute("name"))) fields.set(attribute("name"), attribute("value") ?? "");
      }
      for (const [name, value] of Object.entries(values)) fields.set(name, value);
      return send(action, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: fields.toString(),
      });
    },
  };
}
