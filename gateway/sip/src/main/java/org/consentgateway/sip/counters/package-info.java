/**
 * What is counted of messages and calls, in all and for each trunk, and why messages are turned
 * away.
 */
@NullMarked
package org.consentgateway.sip.counters;

import org.jspecify.annotations.NullMarked;
