#compdef eigen-cli
# Completion of eigen-cli for zsh. In ~/.zshrc, behind compinit: source <(eigen-cli completion zsh)
_eigen_cli_describe() {
  local -a offered; offered=("${@:2}")
  _describe -t $1 $1 offered
}
_eigen_cli() {
  local first='' second='' command='' skip='' word
  local -a output; output=('--json:one JSON document on the standard output, also for a failure' '-q:ids alone, one per line; no notes and no progress' '--quiet:ids alone, one per line; no notes and no progress' '-v:of a failure also its code, the request id and what else is known' '--verbose:of a failure also its code, the request id and what else is known' '--debug:one line per call to the server with its time, and the stack of a failure' '--no-color:no colour')
  local -a stream; stream=('--jsonl:one JSON document per line, as things happen')
  local -a server; server=('--profile:the table of config.toml to use (EIGEN_PROFILE)' '--endpoint:the server'\''s gRPC address (EIGEN_ENDPOINT, EIGEN_SYSTEM_API_ENDPOINT)' '--web:its page and REST; by default port 8000 of the same host (EIGEN_WEB)' '--token-file:a file that holds the access token and nothing else (EIGEN_TOKEN_FILE)' '--ca-file:certificates in PEM form to trust, for https:// (EIGEN_CA_FILE)' '--tenant:the tenant to act in, where the token allows more than one (EIGEN_TENANT)' '--project:the project to act in (EIGEN_PROJECT)' '--call-timeout:how long one call may take (EIGEN_CALL_TIMEOUT)' '--request-id:names the call in the server'\''s answers and logs' '--traceparent:the trace to which the call belongs (W3C Trace Context)')
  for word in "${(@)words[2,CURRENT-1]}"; do
    if [[ -n $skip ]]; then skip=''; continue; fi
    case $word in
      --profile|--endpoint|--web|--token-file|--ca-file|--tenant|--project|--call-timeout|--request-id|--traceparent|-n|--shots|--seed|-i|--input|-f|--job|-o|--option|--sort|--top|--dialect|--fold|-O|--optimization-level|--target|--out|--to|--kind|--name|--priority|--tag|--after|--reservation|--idempotency-key|--timeout|--state|--since|--parent|--limit|--cursor|--cluster|--ttl|--purpose|--device|--from|--type|--role|--scope|--subject) skip=yes ;;
      -*) ;;
      *) if [[ -z $first ]]; then first=$word; elif [[ -z $second ]]; then second=$word; fi ;;
    esac
  done
  case $first in
    '') _eigen_cli_describe commands 'run:Run a circuit here and show its counts' 'check:Say whether programs can run, and all that is wrong with them' 'draw:Draw a circuit as text or SVG' 'visualize:Draw a circuit, or the program of a job.yaml, as SVG' 'convert:Write a program in another language' 'compile:Compile a program to the bytes that a server executes' 'job:Print the JSON Schema of job.yaml' 'submit:Hand circuits to a server' 'status:Say where a job is' 'watch:Follow a job to its end' 'results:Show the counts of a job that is DONE' 'list:List jobs, newest first' 'explain:Say why a job is where it is, or what the compiler does with a program' 'cancel:Stop a job that has not ended' 'redrive:Submit a job that has ended again, as a new one' 'delete:Give up every byte of a job that has ended, for ever' 'open:Print the address of the page of a job' 'artifacts:List what is kept of a job, with sizes and hashes' 'get:Write one artifact, byte for byte' 'receipt:Write the receipt of a job, byte for byte' 'verify:Check a receipt, step by step, without a server' 'replay:Run a job again, and show that its counts come out the same' 'devices:List the devices' 'device:Show one device: qubits, gates, coupling, queue' 'reserve:Hold a slot of a device for some time' 'reservations:List the slots that are held' 'release:Give a held slot back' 'log:The log of the server: look at it, and check it' 'token:API tokens of your tenant, and who you are' 'health:Say whether the server is ready' 'config:Settings and profiles of this program' 'completion:Write the completion script of a shell' 'version:Say which version this is' 'result:Show the counts of a job that is DONE' 'resubmit:Submit a job that has ended again, as a new one' 'whoami:Say who the server takes you for' 'help:Say more about a command'; return ;;
    job) if [[ -z $second ]]; then _eigen_cli_describe commands 'init:Write a job.yaml and a program that run as they are' 'lint:Say all that is wrong with a job.yaml and its programs' 'schema:Print the JSON Schema of job.yaml'; return; fi
      command="$first $second" ;;
    device) if [[ -z $second ]]; then _eigen_cli_describe commands 'show:Show one device: qubits, gates, coupling, queue'; return; fi
      command="$first $second" ;;
    log) if [[ -z $second ]]; then _eigen_cli_describe commands 'status:Who writes the log, where it stands, and the roots of its state' 'tail:Show the newest entries of the log, and those to come' 'verify:Compute chain, tree and signatures of the log again' 'replay:Apply every entry of the log again and compare'; return; fi
      command="$first $second" ;;
    token) if [[ -z $second ]]; then _eigen_cli_describe commands 'create:Draw an API token; its secret is shown once' 'list:List API tokens' 'revoke:End an API token at once' 'whoami:Say who the server takes you for'; return; fi
      command="$first $second" ;;
    config) if [[ -z $second ]]; then _eigen_cli_describe commands 'show:Show every setting and where it came from' 'get:Print one setting' 'set:Write one setting to config.toml' 'unset:Remove one setting from config.toml' 'path:Print where config.toml is'; return; fi
      command="$first $second" ;;
    *) command=$first ;;
  esac
  if [[ -n $skip ]]; then
    case "$command ${words[CURRENT-1]}" in
      'run -f'|'run --job') _files ;;
      'run --sort') compadd -- asc desc value value_desc hamming ;;
      'run --dialect') compadd -- braket ;;
      'check --dialect') compadd -- braket ;;
      'draw -f'|'draw --job') _files ;;
      'draw -O'|'draw --optimization-level') compadd -- 0 1 2 3 ;;
      'draw --target') _files ;;
      'draw --dialect') compadd -- braket ;;
      'visualize -o'|'visualize --out') _files ;;
      'visualize -f'|'visualize --job') _files ;;
      'visualize -O'|'visualize --optimization-level') compadd -- 0 1 2 3 ;;
      'visualize --target') _files ;;
      'visualize --dialect') compadd -- braket ;;
      'convert --to') compadd -- openqasm3 openqasm2 aqo ;;
      'convert -o'|'convert --out') _files ;;
      'convert -O'|'convert --optimization-level') compadd -- 0 1 2 3 ;;
      'convert --target') _files ;;
      'convert --dialect') compadd -- braket ;;
      'compile -o'|'compile --out') _files ;;
      'compile -f'|'compile --job') _files ;;
      'compile -O'|'compile --optimization-level') compadd -- 0 1 2 3 ;;
      'compile --target') _files ;;
      'compile --dialect') compadd -- braket ;;
      'job init --kind') compadd -- circuit vqe qaoa ;;
      'submit -f'|'submit --job') _files ;;
      'submit -O'|'submit --optimization-level') compadd -- 0 1 2 3 ;;
      'submit --sort') compadd -- asc desc value value_desc hamming ;;
      'submit --dialect') compadd -- braket ;;
      'results --sort') compadd -- asc desc value value_desc hamming ;;
      'list --state') compadd -- PENDING COMPILING QUEUED RUNNING DONE ERROR CANCELLED TIMEOUT ;;
      'explain -f'|'explain --job') _files ;;
      'explain -O'|'explain --optimization-level') compadd -- 0 1 2 3 ;;
      'explain --target') _files ;;
      'explain --dialect') compadd -- braket ;;
      'token create --role') compadd -- admin user readonly ;;
      'result --sort') compadd -- asc desc value value_desc hamming ;;
      *' --token-file') _files ;;
      *' --ca-file') _files ;;
    esac
  elif [[ ${words[CURRENT]} == -* ]]; then
    case $command in
      'run') _eigen_cli_describe options '-n:how often the circuit is run (default: 1024)' '--shots:how often the circuit is run (default: 1024)' '--seed:equal seeds give equal counts; drawn if not given' '-i:value of an input, once for each: theta=0.5, flag=true, word=0110 for bits, angles=[0.1,0.2] for an array' '--input:value of an input, once for each: theta=0.5, flag=true, word=0110 for bits, angles=[0.1,0.2] for an array' '-f:run the job of this job.yaml' '--job:run the job of this job.yaml' '-o:an option of the device, as noise_model=depolarizing:0.01; once for each' '--option:an option of the device, as noise_model=depolarizing:0.01; once for each' '--sort:asc or desc by outcome, value or value_desc by count, hamming by the number of ones' '--csv:every outcome as a line of item,parameter_set,outcome,count,share' '--top:outcomes to show, most frequent first; the others are summed up' '--dialect:braket: OpenQASM 3 with the gates of Amazon Braket' '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'check') _eigen_cli_describe options '--syntax:look at the grammar alone' '--dialect:braket: OpenQASM 3 with the gates of Amazon Braket' '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'draw') _eigen_cli_describe options '-f:take the program of this job.yaml' '--job:take the program of this job.yaml' '--fold:break lines at this width (default: that of the terminal, else 100)' '--ascii:plain ASCII characters only' '--svg:an SVG document' '--reverse-bits:highest qubit on top' '-O:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--optimization-level:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--target:for the gates and the coupling of this device: a name as heavy-hex-27, or the file of its JSON' '--dialect:braket: OpenQASM 3 with the gates of Amazon Braket' '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'visualize') _eigen_cli_describe options '-o:write it there (default: the standard output)' '--out:write it there (default: the standard output)' '-f:take the program of this job.yaml' '--job:take the program of this job.yaml' '--reverse-bits:highest qubit on top' '-O:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--optimization-level:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--target:for the gates and the coupling of this device: a name as heavy-hex-27, or the file of its JSON' '--dialect:braket: OpenQASM 3 with the gates of Amazon Braket' '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'convert') _eigen_cli_describe options '--to:openqasm3: OpenQASM 3, which says everything; openqasm2: OpenQASM 2, for circuits it has a form for; aqo: the AQO document that is executed' '-o:write it there (default: the standard output)' '--out:write it there (default: the standard output)' '-O:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--optimization-level:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--target:for the gates and the coupling of this device: a name as heavy-hex-27, or the file of its JSON' '--dialect:braket: OpenQASM 3 with the gates of Amazon Braket' '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'compile') _eigen_cli_describe options '-o:write it there (default: the standard output)' '--out:write it there (default: the standard output)' '-f:take the program of this job.yaml' '--job:take the program of this job.yaml' '-O:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--optimization-level:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--target:for the gates and the coupling of this device: a name as heavy-hex-27, or the file of its JSON' '--report:say what the passes did, as "explain" does' '--dialect:braket: OpenQASM 3 with the gates of Amazon Braket' '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'job init') _eigen_cli_describe options '--kind:circuit: a circuit in OpenQASM 3; vqe: the lowest energy of a Hamiltonian; qaoa: the largest cut of a graph' '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'job lint') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'job schema') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'submit') _eigen_cli_describe options '-n:how often the circuit is run (default: 1024)' '--shots:how often the circuit is run (default: 1024)' '--seed:equal seeds give equal counts; drawn if not given' '-i:value of an input, once for each: theta=0.5, flag=true, word=0110 for bits, angles=[0.1,0.2] for an array' '--input:value of an input, once for each: theta=0.5, flag=true, word=0110 for bits, angles=[0.1,0.2] for an array' '-f:a job.yaml instead of programs' '--job:a job.yaml instead of programs' '--name:what to call the job (default: the name of the file)' '--target:where to run it (default: sim:local)' '--priority:from 0 to 100; higher runs first (default: 50)' '-o:an option of the device, as noise_model=depolarizing:0.01; once for each' '--option:an option of the device, as noise_model=depolarizing:0.01; once for each' '-O:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--optimization-level:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--tag:to find it by; may be repeated' '--after:begin when this job is DONE; may be repeated' '--reservation:use the slot that "reserve" holds' '--idempotency-key:the same key is the same job, however often it is submitted' '--wait:wait for the end and show the results' '--watch:the same, and show every event' '--plain:a line for each iteration of a loop, where a terminal shows a plot' '--timeout:wait no longer than this, for example 60s' '--sort:asc or desc by outcome, value or value_desc by count, hamming by the number of ones' '--csv:every outcome as a line of item,parameter_set,outcome,count,share' '--top:outcomes to show, most frequent first; the others are summed up' '--dialect:braket: OpenQASM 3 with the gates of Amazon Braket' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)stream}" "${(@)server}" ;;
      'status') _eigen_cli_describe options '--watch:follow the job to its end, as "watch" does' '--plain:a line for each iteration of a loop, where a terminal shows a plot' '--timeout:wait no longer than this, for example 60s' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)stream}" "${(@)server}" ;;
      'watch') _eigen_cli_describe options '--plain:a line for each iteration of a loop, where a terminal shows a plot' '--timeout:wait no longer than this, for example 60s' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)stream}" "${(@)server}" ;;
      'results') _eigen_cli_describe options '--sort:asc or desc by outcome, value or value_desc by count, hamming by the number of ones' '--csv:every outcome as a line of item,parameter_set,outcome,count,share' '--top:outcomes to show, most frequent first; the others are summed up' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'list') _eigen_cli_describe options '--state:only jobs in these states, separated by commas' '--since:only jobs that were accepted so long ago at most, as 1d, or since 2026-01-31' '--name:only jobs of this name' '--tag:only jobs with this tag; may be repeated' '--target:only jobs for this device' '--parent:only jobs that were made of this one' '--deleted:the ids of deleted jobs' '--limit:how many' '--all:all of them, page after page' '--cursor:where the page before ended' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)stream}" "${(@)server}" ;;
      'explain') _eigen_cli_describe options '-f:take the program of this job.yaml' '--job:take the program of this job.yaml' '-O:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--optimization-level:from 0, as written, to 3, as short as can be; with a target 1 if not given' '--target:for the gates and the coupling of this device: a name as heavy-hex-27, or the file of its JSON' '--dialect:braket: OpenQASM 3 with the gates of Amazon Braket' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'cancel') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'redrive') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'delete') _eigen_cli_describe options '--yes:needed, because there is no way back' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'open') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'artifacts') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'get') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'receipt') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'verify') _eigen_cli_describe options '--cluster:the cluster to trust, 64 hexadecimal digits' '--with-artifacts:compare the files of the job too' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'replay') _eigen_cli_describe options '--on-server:run it again as a new job of the server, with the same seed' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'devices') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'device show') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'reserve') _eigen_cli_describe options '--ttl:for how long' '--purpose:what for, to be read by others' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'reservations') _eigen_cli_describe options '--device:only those of this device' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'release') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'log status') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'log tail') _eigen_cli_describe options '--from:the first entry; 0 for the beginning' '-f:go on with the entries to come' '--follow:go on with the entries to come' '--type:entries of this type alone; may be repeated' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)stream}" "${(@)server}" ;;
      'log verify') _eigen_cli_describe options '--from:the first entry; 0 for the beginning' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'log replay') _eigen_cli_describe options '--from:the first entry; 0 for the beginning' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'token create') _eigen_cli_describe options '--name:what it is for, to be read by people' '--role:admin, user, readonly (default: user)' '--scope:allow no more than this, as jobs:read; may be repeated' '--subject:who acts with it (default: you)' '--ttl:when it ends, as 30d (default: what the server says)' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'token list') _eigen_cli_describe options '--ended:those that expired or were revoked too' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'token revoke') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'token whoami') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'health') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'config show') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'config get') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'config set') _eigen_cli_describe options '--profile:the profile it is said for' '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'config unset') _eigen_cli_describe options '--profile:the profile it is said for' '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'config path') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'completion') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" ;;
      'version') _eigen_cli_describe options '--server:the version of the server too' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'result') _eigen_cli_describe options '--sort:asc or desc by outcome, value or value_desc by count, hamming by the number of ones' '--csv:every outcome as a line of item,parameter_set,outcome,count,share' '--top:outcomes to show, most frequent first; the others are summed up' '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'resubmit') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'whoami') _eigen_cli_describe options '-h:what the command does' '--help:what the command does' "${(@)output}" "${(@)server}" ;;
      'help') _eigen_cli_describe options  ;;
    esac
  else
    case $command in
      'run') _files ;;
      'check') _files ;;
      'draw') _files ;;
      'visualize') _files ;;
      'convert') _files ;;
      'compile') _files ;;
      'job init') _files ;;
      'job lint') _files ;;
      'job schema') compadd -- v1 v0.1 ;;
      'submit') _files ;;
      'explain') _files ;;
      'verify') _files ;;
      'config get') compadd -- endpoint web token token_file token_command ca_file tenant project call_timeout ;;
      'config set') compadd -- endpoint web token token_file token_command ca_file tenant project call_timeout ;;
      'config unset') compadd -- endpoint web token token_file token_command ca_file tenant project call_timeout ;;
      'completion') compadd -- bash zsh fish ;;
      'help') compadd -- run check draw visualize convert compile job submit status watch results list explain cancel redrive delete open artifacts get receipt verify replay devices device reserve reservations release log token health config completion version options ;;
    esac
  fi
}
if [[ ${funcstack[1]} == _eigen-cli ]]; then _eigen_cli "$@"; else compdef _eigen_cli eigen-cli; fi
