// Which methods of a part of the published client a test has called, out of all there are.

import assert from "node:assert/strict";

const isResource = (value) => typeof value === "object" && value !== null && "_client" in value;

/** The names of all methods of a resource and of those within it, such as `subscriptions.add`. */
function methods(resource, path = "") {
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(resource))
    .filter((name) => name !== "constructor" && typeof resource[name] === "function")
    .map((name) => path + name);
  const within = Object.entries(resource)
    .filter(([name, value]) => name !== "_client" && isResource(value))
    .flatMap(([name, value]) => methods(value, `${path}${name}.`));
  return [...own, ...within];
}

function watched(resource, path, called) {
  return new Proxy(resource, {
    get(target, name) {
      const value = target[name];
      if (name !== "_client" && isResource(value)) return watched(value, `${path}${name}.`, called);
      if (typeof value !== "function") return value;
      return (...given) => {
        called.add(path + name);
        return value.apply(target, given);
      };
    },
  });
}

/** Does `story` with a resource, and fails unless it has called every method there is. */
export async function every(resource, story) {
  const all = methods(resource);
  assert.ok(all.length > 0, "the resource has methods");
  const called = new Set();
  await story(watched(resource, "", called));
  assert.deepEqual(
    all.filter((name) => !called.has(name)),
    [],
    "methods that were never called",
  );
}
