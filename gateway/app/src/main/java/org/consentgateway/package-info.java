/**
 * Telephony, the call story, consent, ledger, assistant connectors, web; the only {@code main()}.
 */
@NullMarked
package org.consentgateway;

import org.jspecify.annotations.NullMarked;
