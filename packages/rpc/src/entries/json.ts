/** What the doors show, as JSON: the bodies of REST, and the same under `--json` of the command line. */
export { circuitMetricsJson } from '../json/circuit-metrics-json.ts';
export { deviceJson, reservationJson, reservedJson } from '../json/device-json.ts';
export { diagnosticFromMessage } from '../json/diagnostic-json.ts';
export {
  acceptedJson,
  artifactJson,
  jobJson,
  rationaleJson,
  resultsText,
  timeJson,
  updateJson,
} from '../json/job-json.ts';
export { ERRORS_PAGE, problemJson } from '../json/problem-json.ts';
export { identityJson, tokenJson } from '../json/token-json.ts';
