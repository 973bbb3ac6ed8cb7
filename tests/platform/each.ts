/** Does something with every item, at most `width` at a time; answers what it gave, in the order of the items. */
export async function each<Item, Value>(
  items: readonly Item[],
  width: number,
  act: (item: Item, at: number) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      values[at] = await act(items[at]!, at);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return values;
}
