/**
 * The longest document that tuwunel reads, in bytes: it stops at 12,288, the tightest limit of all readers
 * (docs/readers.md).
 */
export const tuwunelMaxSize = 12_287

/** The longest document that Synapse reads, in bytes: it stops at 51,200 (docs/readers.md). */
export const synapseMaxSize = 51_199
