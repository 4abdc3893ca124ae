/** Append-only Merkle log over JDBC: writer, reader, verifier, receipts. */
@NullMarked
package org.consentgateway.ledger;

import org.jspecify.annotations.NullMarked;
