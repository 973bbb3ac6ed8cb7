/** `@qfs/receipts`: what is stated of an ended job, the receipt that proves it, and its verification. */
export { base64, unbase64 } from './base64.ts';
export type { FoundArtifacts } from './check-artifacts.ts';
export { readStatement, type StatementFacts } from './read-statement.ts';
export {
  type EnvelopeSignature,
  RECEIPT_BYTES_MAX,
  RECEIPT_READ_BYTES_MAX,
  RECEIPT_VERSION,
  type Receipt,
  type ReceiptStatementKey,
  readReceipt,
  writeReceipt,
} from './receipt.ts';
export {
  type JobStatement,
  type NamedDigest,
  PREDICATE_TYPE,
  STATEMENT_ITEMS_MAX,
  STATEMENT_NAME,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
  type StatementItem,
  writeStatement,
} from './statement.ts';
export {
  type StepResult,
  VERIFICATION_STEPS,
  type Verdict,
  type VerificationStep,
  type VerifyOptions,
  verifyReceipt,
} from './verify.ts';
