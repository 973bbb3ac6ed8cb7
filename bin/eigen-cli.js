#!/usr/bin/env node
import { launch } from './launch.js';

launch('packages/cli/src/main.ts', process.argv.slice(2));
