/**
 * What one message says, as pure functions over it: header fields as text, session timers, key\n *
 * presses, places taken.
 */
@NullMarked
package org.consentgateway.sip.message;

import org.jspecify.annotations.NullMarked;
