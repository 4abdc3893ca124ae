/**
 * Entries of the log: to be written, as stored, and what of them is hashed, looked up and erased.
 */
@NullMarked
package org.consentgateway.ledger.entry;

import org.jspecify.annotations.NullMarked;
