# Completion of eigen-cli for bash. In ~/.bashrc: source <(eigen-cli completion bash)
_eigen_cli() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local first='' second='' command='' words='' options='' files='' skip='' word index
  local output='--json -q --quiet -v --verbose --debug --no-color'
  local stream='--jsonl'
  local server='--profile --endpoint --web --token-file --ca-file --tenant --project --call-timeout --request-id --traceparent'
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if [[ -n $skip ]]; then skip=''; continue; fi
    case $word in
      --profile|--endpoint|--web|--token-file|--ca-file|--tenant|--project|--call-timeout|--request-id|--traceparent|-n|--shots|--seed|-i|--input|-f|--job|-o|--option|--sort|--top|--dialect|--fold|-O|--optimization-level|--target|--out|--to|--kind|--name|--priority|--tag|--after|--reservation|--idempotency-key|--timeout|--state|--since|--parent|--limit|--cursor|--cluster|--ttl|--purpose|--device|--from|--type|--role|--scope|--subject) skip=yes ;;
      -*) ;;
      *) if [[ -z $first ]]; then first=$word; elif [[ -z $second ]]; then second=$word; fi ;;
    esac
  done
  case $first in
    '') words='run check draw visualize convert compile job submit status watch results list explain cancel redrive delete open artifacts get receipt verify replay devices device reserve reservations release log token health config completion version result resubmit whoami help' ;;
    job) if [[ -z $second ]]; then words='init lint schema'; else command="$first $second"; fi ;;
    device) if [[ -z $second ]]; then words='show'; else command="$first $second"; fi ;;
    log) if [[ -z $second ]]; then words='status tail verify replay'; else command="$first $second"; fi ;;
    token) if [[ -z $second ]]; then words='create list revoke whoami'; else command="$first $second"; fi ;;
    config) if [[ -z $second ]]; then words='show get set unset path'; else command="$first $second"; fi ;;
    *) command=$first ;;
  esac
  case $command in
    'run') options="-n --shots --seed -i --input -f --job -o --option --sort --csv --top --dialect -h --help $output" files=yes ;;
    'check') options="--syntax --dialect -h --help $output" files=yes ;;
    'draw') options="-f --job --fold --ascii --svg --reverse-bits -O --optimization-level --target --dialect -h --help $output" files=yes ;;
    'visualize') options="-o --out -f --job --reverse-bits -O --optimization-level --target --dialect -h --help $output" files=yes ;;
    'convert') options="--to -o --out -O --optimization-level --target --dialect -h --help $output" files=yes ;;
    'compile') options="-o --out -f --job -O --optimization-level --target --report --dialect -h --help $output" files=yes ;;
    'job init') options="--kind -h --help $output" files=yes ;;
    'job lint') options="-h --help $output" files=yes ;;
    'job schema') options="-h --help $output" words='v1 v0.1' ;;
    'submit') options="-n --shots --seed -i --input -f --job --name --target --priority -o --option -O --optimization-level --tag --after --reservation --idempotency-key --wait --watch --plain --timeout --sort --csv --top --dialect -h --help $output $stream $server" files=yes ;;
    'status') options="--watch --plain --timeout -h --help $output $stream $server" ;;
    'watch') options="--plain --timeout -h --help $output $stream $server" ;;
    'results') options="--sort --csv --top -h --help $output $server" ;;
    'list') options="--state --since --name --tag --target --parent --deleted --limit --all --cursor -h --help $output $stream $server" ;;
    'explain') options="-f --job -O --optimization-level --target --dialect -h --help $output $server" files=yes ;;
    'cancel') options="-h --help $output $server" ;;
    'redrive') options="-h --help $output $server" ;;
    'delete') options="--yes -h --help $output $server" ;;
    'open') options="-h --help $output $server" ;;
    'artifacts') options="-h --help $output $server" ;;
    'get') options="-h --help $output $server" ;;
    'receipt') options="-h --help $output $server" ;;
    'verify') options="--cluster --with-artifacts -h --help $output $server" files=yes ;;
    'replay') options="--on-server -h --help $output $server" ;;
    'devices') options="-h --help $output $server" ;;
    'device show') options="-h --help $output $server" ;;
    'reserve') options="--ttl --purpose -h --help $output $server" ;;
    'reservations') options="--device -h --help $output $server" ;;
    'release') options="-h --help $output $server" ;;
    'log status') options="-h --help $output $server" ;;
    'log tail') options="--from -f --follow --type -h --help $output $stream $server" ;;
    'log verify') options="--from -h --help $output $server" ;;
    'log replay') options="--from -h --help $output $server" ;;
    'token create') options="--name --role --scope --subject --ttl -h --help $output $server" ;;
    'token list') options="--ended -h --help $output $server" ;;
    'token revoke') options="-h --help $output $server" ;;
    'token whoami') options="-h --help $output $server" ;;
    'health') options="-h --help $output $server" ;;
    'config show') options="-h --help $output $server" ;;
    'config get') options="-h --help $output $server" words='endpoint web token token_file token_command ca_file tenant project call_timeout' ;;
    'config set') options="--profile -h --help $output" words='endpoint web token token_file token_command ca_file tenant project call_timeout' ;;
    'config unset') options="--profile -h --help $output" words='endpoint web token token_file token_command ca_file tenant project call_timeout' ;;
    'config path') options="-h --help $output" ;;
    'completion') options="-h --help $output" words='bash zsh fish' ;;
    'version') options="--server -h --help $output $server" ;;
    'result') options="--sort --csv --top -h --help $output $server" ;;
    'resubmit') options="-h --help $output $server" ;;
    'whoami') options="-h --help $output $server" ;;
    'help') options="" words='run check draw visualize convert compile job submit status watch results list explain cancel redrive delete open artifacts get receipt verify replay devices device reserve reservations release log token health config completion version options' ;;
  esac
  if [[ -n $skip ]]; then
    words='' files=''
    case "$command $previous" in
      'run -f' | 'run --job') files=yes ;;
      'run --sort') words='asc desc value value_desc hamming' ;;
      'run --dialect') words='braket' ;;
      'check --dialect') words='braket' ;;
      'draw -f' | 'draw --job') files=yes ;;
      'draw -O' | 'draw --optimization-level') words='0 1 2 3' ;;
      'draw --target') files=yes ;;
      'draw --dialect') words='braket' ;;
      'visualize -o' | 'visualize --out') files=yes ;;
      'visualize -f' | 'visualize --job') files=yes ;;
      'visualize -O' | 'visualize --optimization-level') words='0 1 2 3' ;;
      'visualize --target') files=yes ;;
      'visualize --dialect') words='braket' ;;
      'convert --to') words='openqasm3 openqasm2 aqo' ;;
      'convert -o' | 'convert --out') files=yes ;;
      'convert -O' | 'convert --optimization-level') words='0 1 2 3' ;;
      'convert --target') files=yes ;;
      'convert --dialect') words='braket' ;;
      'compile -o' | 'compile --out') files=yes ;;
      'compile -f' | 'compile --job') files=yes ;;
      'compile -O' | 'compile --optimization-level') words='0 1 2 3' ;;
      'compile --target') files=yes ;;
      'compile --dialect') words='braket' ;;
      'job init --kind') words='circuit vqe qaoa' ;;
      'submit -f' | 'submit --job') files=yes ;;
      'submit -O' | 'submit --optimization-level') words='0 1 2 3' ;;
      'submit --sort') words='asc desc value value_desc hamming' ;;
      'submit --dialect') words='braket' ;;
      'results --sort') words='asc desc value value_desc hamming' ;;
      'list --state') words='PENDING COMPILING QUEUED RUNNING DONE ERROR CANCELLED TIMEOUT' ;;
      'explain -f' | 'explain --job') files=yes ;;
      'explain -O' | 'explain --optimization-level') words='0 1 2 3' ;;
      'explain --target') files=yes ;;
      'explain --dialect') words='braket' ;;
      'token create --role') words='admin user readonly' ;;
      'result --sort') words='asc desc value value_desc hamming' ;;
      *' --token-file') files=yes ;;
      *' --ca-file') files=yes ;;
    esac
  elif [[ $current == -* ]]; then words=$options files=''
  fi
  local IFS=$'
'
  if [[ -n $files ]]; then
    compopt -o filenames 2> /dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(IFS=' '; compgen -W "$words" -- "$current"))
  fi
}
complete -F _eigen_cli eigen-cli
