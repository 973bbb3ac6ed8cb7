import { runWriterWorker } from '../index.ts';
import { echoModule, notesModule } from './notes-module.ts';

runWriterWorker((settings) => {
  if (settings === 'no module') throw new TypeError('the modules cannot be built');
  return [notesModule, echoModule];
});
