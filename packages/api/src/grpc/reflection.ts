import { createRegistry, type DescFile, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { DeviceService, JobService, LogService, type ServiceImpl, TokenService } from '@qfs/rpc';
import { Code, Health, ServerReflection, type ServerReflectionRequest } from '@qfs/rpc/grpc';

const SERVICES = [JobService, DeviceService, LogService, TokenService, Health, ServerReflection] as const;

type Answer = { case: 'fileDescriptorResponse'; value: { fileDescriptorProto: Uint8Array[] } } | Failure;
type Failure = { case: 'errorResponse'; value: { errorCode: number; errorMessage: string } };

/** Reflection, so that tools can call the door without having the .proto files. */
export function reflectionService(): ServiceImpl<typeof ServerReflection> {
  const files = new Map<string, DescFile>();
  const collect = (file: DescFile): void => {
    if (files.has(file.proto.name)) return;
    files.set(file.proto.name, file);
    file.dependencies.forEach(collect);
  };
  for (const service of SERVICES) collect(service.file);
  const registry = createRegistry(...files.values());

  const fileOfSymbol = (symbol: string): DescFile | undefined => {
    const found = registry.get(symbol);
    if (found !== undefined) return found.file;
    // A method or a field: its parent is one name shorter.
    const parent = registry.get(symbol.slice(0, symbol.lastIndexOf('.')));
    return parent?.file;
  };
  const answer = ({ messageRequest: asked }: ServerReflectionRequest) => {
    switch (asked.case) {
      case 'listServices':
        return {
          case: 'listServicesResponse',
          value: { service: SERVICES.map(({ typeName: name }) => ({ name })) },
        } as const;
      case 'fileByFilename':
        return withDependencies(files.get(asked.value), asked.value);
      case 'fileContainingSymbol':
        return withDependencies(fileOfSymbol(asked.value), asked.value);
      case 'fileContainingExtension':
      case 'allExtensionNumbersOfType':
        return failure(Code.NOT_FOUND, 'There are no extensions here.');
      default:
        return failure(Code.INVALID_ARGUMENT, 'The request asks for nothing.');
    }
  };
  return {
    async *serverReflectionInfo(requests) {
      for await (const request of requests) {
        yield { validHost: request.host, originalRequest: request, messageResponse: answer(request) };
      }
    },
  };
}

function withDependencies(file: DescFile | undefined, asked: string): Answer {
  if (file === undefined) return failure(Code.NOT_FOUND, `'${asked}' is not known here.`);
  const found = new Set<DescFile>();
  const visit = (next: DescFile): void => {
    if (found.has(next)) return;
    found.add(next);
    next.dependencies.forEach(visit);
  };
  visit(file);
  const fileDescriptorProto = [...found].map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

const failure = (errorCode: number, errorMessage: string): Failure => ({
  case: 'errorResponse',
  value: { errorCode, errorMessage },
});
