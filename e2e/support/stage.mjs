// The stage of a journey: a city of its own and a browser to walk through it, there before the first test of a file and
// gone after its last.
import { after, before } from "node:test";
import { launch } from "./browser.mjs";
import { startCity } from "./city.mjs";

export let city;
export let browser;

/** Sets the stage: `settings` of the city, and the `scene` that its journeys find. */
export function stage({ settings, scene } = {}) {
  before(async () => {
    city = await startCity({ settings });
    browser = await launch();
    await scene?.();
  });
  after(async () => {
    await browser?.close();
    await city?.stop();
  });
}
