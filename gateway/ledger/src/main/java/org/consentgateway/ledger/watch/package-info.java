/** That the store is what was written: looked at in the background, and before it is decided on. */
@NullMarked
package org.consentgateway.ledger.watch;

import org.jspecify.annotations.NullMarked;
