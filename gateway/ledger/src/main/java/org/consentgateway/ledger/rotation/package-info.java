/** Other keys for what is written from now on, and for all that is there. */
@NullMarked
package org.consentgateway.ledger.rotation;

import org.jspecify.annotations.NullMarked;
