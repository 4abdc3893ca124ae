/**
 * A page from which people fetch receipts of what they agreed to, by the number of their request
 * and a code that a person has told them.
 */
@NullMarked
package org.consentgateway.receipts;

import org.jspecify.annotations.NullMarked;
