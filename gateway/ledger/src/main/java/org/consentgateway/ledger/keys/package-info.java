/** Key files, and what is done under their keys: sealing payloads, naming callers by pseudonyms. */
@NullMarked
package org.consentgateway.ledger.keys;

import org.jspecify.annotations.NullMarked;
