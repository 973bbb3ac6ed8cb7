#!/usr/bin/env node
import { launch } from './launch.js';

launch('packages/server/src/main.ts', process.argv.slice(2));
