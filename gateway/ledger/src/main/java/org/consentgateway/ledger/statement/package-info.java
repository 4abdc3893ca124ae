/** What a log says of itself in the open: of the keys that sign it. */
@NullMarked
package org.consentgateway.ledger.statement;

import org.jspecify.annotations.NullMarked;
