/** What callers were told: texts and sound of notices, kept by their hashes. */
@NullMarked
package org.consentgateway.ledger.archive;

import org.jspecify.annotations.NullMarked;
