/** What SQLite keeps in a column, whatever its declared type is. */
@NullMarked
package org.consentgateway.ledger.columns;

import org.jspecify.annotations.NullMarked;
