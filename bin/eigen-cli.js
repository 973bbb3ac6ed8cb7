#!/usr/bin/env node
import { launchProgram } from './launch.js';

launchProgram('@qfs/cli/main');
