/** How deep JSON may be in Python 3.11: a recursion limit of 1,000, less the calls that are running already. */
export const maxPythonDepth = 900

/** How deep JSON may be in Go (encoding/json). */
export const maxGoDepth = 10_000
