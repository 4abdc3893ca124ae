/** What others are to be told of entries, until they have it. */
@NullMarked
package org.consentgateway.ledger.outbox;

import org.jspecify.annotations.NullMarked;
