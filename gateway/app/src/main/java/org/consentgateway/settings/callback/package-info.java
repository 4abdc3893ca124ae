/** What is set about calling numbers back that ask for access or erasure. */
@NullMarked
package org.consentgateway.settings.callback;

import org.jspecify.annotations.NullMarked;
