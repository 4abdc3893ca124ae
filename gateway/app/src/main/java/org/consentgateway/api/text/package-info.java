/** Over HTTP: the texts that callers hear, as those who write and approve them have to see them. */
@NullMarked
package org.consentgateway.api.text;

import org.jspecify.annotations.NullMarked;
