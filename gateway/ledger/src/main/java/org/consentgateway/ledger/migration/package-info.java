/** What is done beside the scripts that make and change the tables. */
@NullMarked
package org.consentgateway.ledger.migration;

import org.jspecify.annotations.NullMarked;
