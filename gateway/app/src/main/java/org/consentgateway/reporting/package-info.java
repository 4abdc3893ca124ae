/** What others see of a call: one log line, counters, health, peers. */
@NullMarked
package org.consentgateway.reporting;

import org.jspecify.annotations.NullMarked;
