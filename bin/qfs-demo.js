#!/usr/bin/env node
import { launchScript } from './launch.js';

launchScript('scripts/demo');
