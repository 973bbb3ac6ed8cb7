/**
 * Imports the module that is named and tells its parent what is wrong with it; an empty text if nothing is.
 */
const [entryUrl = ''] = process.argv.slice(2);

async function faultOf(url: string): Promise<string> {
  try {
    const { createDriver } = (await import(url)) as { createDriver?: unknown };
    return typeof createDriver === 'function' ? '' : 'it exports no function createDriver';
  } catch (thrown) {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  }
}

process.send?.(await faultOf(entryUrl));
