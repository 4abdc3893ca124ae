/**
 * Calls: their dialogs (RFC 3261 §12), INVITE on both sides, offer and answer, session timers and\n
 * * transfers.
 */
@NullMarked
package org.consentgateway.sip.dialog;

import org.jspecify.annotations.NullMarked;
