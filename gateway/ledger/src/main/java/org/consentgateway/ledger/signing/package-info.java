/** A node's keys as it uses them, what it signs with them, and who is told of it. */
@NullMarked
package org.consentgateway.ledger.signing;

import org.jspecify.annotations.NullMarked;
