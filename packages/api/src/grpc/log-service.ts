import { callOptions, contextOf, type LogService, type ServiceImpl } from '@qfs/rpc';
import type { GrpcRooms } from './grpc-rooms.ts';

/** LogService of the public contract: the log is the same for everybody who may read it. */
export const logService = ({ log }: GrpcRooms): ServiceImpl<typeof LogService> => ({
  getLogStatus: (request, handler) => log.getLogStatus(request, callOptions(contextOf(handler))),
  readLog: (request, handler) => log.readLog(request, callOptions(contextOf(handler))),
  verifyLog: (request, handler) => log.verifyLog(request, callOptions(contextOf(handler))),
  replayLog: (request, handler) => log.replayLog(request, callOptions(contextOf(handler))),
  proveEntry: (request, handler) => log.proveEntry(request, callOptions(contextOf(handler))),
});
