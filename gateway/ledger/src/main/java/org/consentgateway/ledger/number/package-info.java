/**
 * What there is of one number, or about one entry, however much that is: read by its kind where a
 * call waits for it, and page by page where a person does.
 */
@NullMarked
package org.consentgateway.ledger.number;

import org.jspecify.annotations.NullMarked;
