/** When a time is up: for transactions, and for what we wait for ourselves. */
@NullMarked
package org.consentgateway.sip.timer;

import org.jspecify.annotations.NullMarked;
