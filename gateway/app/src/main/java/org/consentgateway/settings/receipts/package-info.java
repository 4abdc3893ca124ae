/** Where people fetch their receipts: its keys. */
@NullMarked
package org.consentgateway.settings.receipts;

import org.jspecify.annotations.NullMarked;
