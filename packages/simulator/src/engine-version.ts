/** Results are a function of the engine version: it changes whenever the same input may give other bytes. */
export const ENGINE_NAME = 'qfs-state-vector';
export const ENGINE_VERSION = '0.3.0';
