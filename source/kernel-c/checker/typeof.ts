import type { CType } from '../c-types.ts';
import { parseC } from '../parser.ts';
import { TYPEOF_TAG } from '../preprocessor/typeof-tokens.ts';
import type { CheckContext } from './context.ts';
import { checkLvalue } from './expressions.ts';

/** The type of the expression in a `typeof`, which stands in the text as a tag; undefined for any other tag. */
export const typeOfTag = (context: CheckContext, tag: string): CType | undefined => {
	if (!tag.startsWith(TYPEOF_TAG)) return undefined;
	const text = context.prepared.typeofs[Number(tag.slice(TYPEOF_TAG.length))];
	if (!text) return undefined;
	const tree = parseC(text);
	try {
		const statement = tree.rootNode.namedChildren[0]?.childForFieldName('body')?.namedChildren[0];
		const expression = statement?.type === 'expression_statement' ? statement.namedChildren[0] : undefined;
		if (!expression) throw text.error(0, 'one expression is needed here');
		return context.inText(text, () => checkLvalue(context, expression).type);
	} finally {
		tree.delete();
	}
};
