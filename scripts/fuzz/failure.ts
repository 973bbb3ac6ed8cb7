/** The text of what was thrown, on one line. */
export const failureText = (thrown: unknown): string => {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return text.split('\n')[0]!.slice(0, 300);
};

/** Failures whose texts differ in numbers and quoted parts alone are one. */
export const failureKind = (text: string): string => text.replace(/`[^`]*`/g, '`…`').replace(/\d+/g, '#');
