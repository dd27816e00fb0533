// zod tries whether it may compile code, and the page's Content-Security-Policy reports the try as a violation. It has
// to be told before its first schema is made, hence a script before all modules.
// oxlint-disable-next-line no-underscore-dangle -- the name is zod's
globalThis.__zod_globalConfig = { jitless: true }
