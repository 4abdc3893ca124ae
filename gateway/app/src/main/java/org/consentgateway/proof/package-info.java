/** Where the consent domain and the ledger meet: records as JSON entries of the log. */
@NullMarked
package org.consentgateway.proof;

import org.jspecify.annotations.NullMarked;
