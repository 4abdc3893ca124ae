/** How often what has happened, day by day: what is left of records when they are gone. */
@NullMarked
package org.consentgateway.ledger.tally;

import org.jspecify.annotations.NullMarked;
