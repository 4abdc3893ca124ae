/**
 * What commands do to keys: others for what is written from now on, or for all that is there; what
 * a thief may have is believed no more. And which keys must be there before any are made.
 */
@NullMarked
package org.consentgateway.ledger.rotation;

import org.jspecify.annotations.NullMarked;
