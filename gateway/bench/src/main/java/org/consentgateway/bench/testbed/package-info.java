/**
 * The test bed: a gateway as a process of its own, the relays it is compared with, warm-up,
 * processor time by thread, and the report.
 */
@NullMarked
package org.consentgateway.bench.testbed;

import org.jspecify.annotations.NullMarked;
