/** The log in a database: who writes, who reads, what is exported and witnessed. */
@NullMarked
package org.consentgateway.ledger.store;

import org.jspecify.annotations.NullMarked;
