"""Which first names are short or familiar forms of one another: English, Spanish, French and more."""

from __future__ import annotations

from functools import lru_cache

from mapping.normalize.text import fold

# Groups stand between bars; a name may stand in several: Alex is Alexander or Alexandra, who are two.
_GROUPS = """
abigail abby gail|abraham abe|albert al bert|alberto beto|alejandra ale|alejandro ale alex
alexander alex al sandy xander|alexandra alex sandra alexa|alexandre alex|alfonso poncho|alfred al fred
allison allie ali|amanda mandy|ana anita|andrea andie|andrew andy drew|angela angie|anthony tony
antonio tony tono|arthur art|barbara barb|beatriz bety|benjamin ben benny|bernard bernie|beverly bev
bradley brad|brandon bran|calvin cal|cameron cam|catherine cathy cath kate katie kathy cate|cecilia ceci
charles charlie chuck chas|charlotte charlie lottie|christina chris tina christy
christine chris chrissy tina|christopher chris topher|concepcion concha|constance connie|consuelo chelo
cynthia cindy|daniel dan danny|daniela dani|danielle dani|david dave davey|deborah deb debbie debra
dennis denny|dolores lola|donald don donnie|dorothy dot dottie|douglas doug|edgar ed|edouard ed
eduardo lalo edu|edward ed eddie ted ned|edwin ed|eleanor ellie nell|elisabeth lise beth
elizabeth liz lizzie beth betty eliza lisa libby|emily em emmy|emmanuel manny|enrique kike quique
ernesto neto|eugene gene|evelyn evie|ezekiel zeke|fernando fer nando|florence flo|frances fran|francis frank
francisca paca pancha|francisco paco pancho fran frank cisco|franklin frank|frederic fred
frederick fred freddy rick|gabriel gabe|gabriela gaby|geoffrey geoff jeff|george georgie|gerald gerry jerry
gerard gerry|gertrude trudy|gilbert gil bert|gilberto beto|gloria glo|graciela chela|gregory greg
guadalupe lupe lupita|guillaume gui will|guillermo memo|harold hal harry|harrison harry|hector tito
henry hank harry|herbert herb bert|howard howie|humberto beto|ignacio nacho|isaac ike|isabel isa chabela
isabella bella izzy|jacob jake|jacqueline jackie|jaime jimmy|james jim jimmy jamie jem|janet jan|jason jay
javier javi|jean-francois jf|jeffrey jeff|jennifer jen jenny|jeremiah jerry|jeremy jerry|jerome jerry
jessica jess jessie|jesus chuy chucho|jill jillian|joanne jo joann|joaquin quino|john johnny jack jon
jonathan jon|jorge coque|jose pepe|josefina josie pepa|joseph joe joey|josephine jo josie|joshua josh
juan juanito|judith judy|julia jules|julian jules|katarzyna kasia
katherine kate katie kathy kat kathryn katy|kathleen kathy kate|kenneth ken kenny|kimberly kim|kristen kris
krzysztof krzys|larry lawrence laurence|laurent laurie|leonard leo len lenny|leonardo leo|leopold leo
lillian lily lil|lorenzo lencho|louis lou louie|louise lou|lourdes lulu|lucille lucy|luis lucho|luz lucita
magdalena magda|malcolm mal|manuel manny manolo|margaret maggie meg peggy marge margie greta
margarita rita margo|marguerite margot|maria mari|maria-jose majo|marjorie marge|martha marty|martin marty
mathieu mat matt|matthew matt|maurice mo|maximilian max|maxwell max|megan meg|melissa mel missy
mercedes meche|mervyn merv|michael mike mick mickey mikey|michel mike|micheline mimi|miguel mike migue
mildred millie|mitchell mitch|mohammed mohamed muhammad mo mohammad|monica moni|montserrat montse|nancy nan
natalia nata|natalie nat|nathan nate|nathaniel nate nat|nicholas nick nicky|nicolas nick nico|nicole nikki
norman norm|octavio tavo|oliver ollie|oscar ozzie|pamela pam|patricia pat patty tricia trish
patrick pat paddy|paulina pau|peter pete|philip phil phillip|philippe phil|priscilla cilla|rachel rae
rafael rafa|ramon moncho|randall randy|raul rulo|raymond ray|rebecca becky becca|refugio cuca
reginald reg reggie|renata ren|ricardo rick richie cardo|richard rick rich richie dick ricky
robert bob bobby rob robbie bert|roberto beto rob|rodney rod|rodolfo rudy|rogelio roger|roger rog
ronald ron ronnie|rosario chayo|roxanne roxy|roy leroy|russell russ|salvador chava sal|samantha sam
samuel sam sammy|sandra sandy|santiago santi chago|sarah sally sara|sebastian seb|sergio checo|sharon shari
shirley shirl|sofia sofi|solomon sol|sophia sophie|stanley stan|stephanie steph|stephen steve steven stevie
steven steve stevie|susan sue susie suzy|suzanne sue suzy|sylvia syl|tamara tammy|terence terry
teresa tere terry|theodore ted teddy theo|theresa terry tess|thomas tom tommy|tiffany tiff|timothy tim timmy
tobias toby|valerie val|vanessa van|veronica vero ronnie|vicente chente|victor vic|victoria vicky tori
vincent vince vinny|virginia ginny|wallace wally|walter walt|wilfred will fred
william will bill billy liam willie|xavier xavi|xiomara xio|yolanda yoli|zachary zach zack
"""


_ALL = [part.split() for part in _GROUPS.replace("\n", "|").split("|") if part]
_ROOTS = [names[0] for names in _ALL]


def _index() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, names in enumerate(_ALL):
        for name in names:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


_GROUP_OF = _index()
_NONE: frozenset[int] = frozenset()


@lru_cache(maxsize=8192)
def are_forms_of_one_name(one: str, other: str) -> bool:
    """True for Bob and Robert, Paco and Francisco. Names as written; accents and case do not matter."""
    first, second = fold(one).replace(" ", "-"), fold(other).replace(" ", "-")
    return first == second or bool(_GROUP_OF.get(first, _NONE) & _GROUP_OF.get(second, _NONE))


@lru_cache(maxsize=8192)
def root(name: str) -> str:
    """One spelling for every form of a folded name: "robert" for "bob"; a rare name is its own."""
    groups = _GROUP_OF.get(name)
    return _ROOTS[min(groups)] if groups else name


def is_given_name(text: str) -> bool:
    """True for a single word that is one of the names above; a rare name is not."""
    return fold(text[:100]).replace(" ", "-") in _GROUP_OF
