"""Which first names are short or familiar forms of one another: English, Spanish, French and more."""

from __future__ import annotations

from functools import lru_cache

from mapping.normalize.text import fold

# Groups stand between bars; a name may stand in several: Alex is Alexander or Alexandra, who are two.
_GROUPS = """
abigail abby gail|abraham abe|adalberto beto|agnieszka aga|aisha aishah ayesha|albert al bert|alberto beto
alejandra ale|alejandro ale alex|aleksandra ola|alexander alex al sandy xander|alexandra alex sandra alexa
alexandre alex|alexis alexa lexi|alfonso poncho|alfred al fred|alicia licha|allan alan allen al
allison allie ali|amanda mandy mandi|amelie amelia|ana anita anna|andre andrew|andrea andie|andres andy
andrew andy drew|andrzej andrew andy|angela angie|angelina angie lina|anh ann|ann anna|anna ania annie
anne ann annie|annette annie|anthony tony|antoine tony|antonio tony tono|armando mando|arnold arnie
arthur art|arturo turo art|ashley ash|barbara barb basia|beatriz bety|benedict ben|benjamin ben benny
benoit ben|bernadette bernie|bernard bernie|bertha bertie|beth bethany|beverly bev|bradley brad|brandon bran
brendan bren|bridget biddy|brittany britt brittney|bryan brian|calvin cal|cameron cam|camila cami
carlos charlie carlitos|caroline carrie caro|carolyn carrie|cassandra cassie|catalina cata cathy
catherine cathy cath kate katie kathy cate|cecilia ceci|charles charlie chuck chas|charlotte charlie lottie
christina chris tina christy|christine chris chrissy tina|christopher chris topher|clifford cliff
clinton clint|concepcion concha|connor conor|constance connie|consuelo chelo|corazon cora cory|crisanto cris
cristina cristy tina cris|curtis curt|cynthia cindy|daniel dan danny|daniela dani|danielle dani
danilo danny dan|david dave davey|dean deano|deborah deb debbie debra|dennis denny|desmond des|diana di
dmitri dima|dolores lola|donald don donnie|dorothy dot dottie|douglas doug|edgar ed|edgardo ed gardo
edouard ed|eduardo lalo edu ed eddie|edward ed eddie ted ned|edwin ed|eileen elaine|eleanor ellie nell
elena lena|eli elijah elias|elisabeth lise beth|elizabeth liz lizzie beth betty betsy eliza lisa libby
ellen ellie nell|elzbieta ela|emilio milo|emily em emmy|emmanuel manny|enrique kike quique|eric erik
erica erika|ernesto neto|esperanza espe|esteban steve|esther essie|ethel etta|eugene gene|evangeline vangie
evelyn evie|ewa eva|ezekiel zeke|felicia fel|feliciano chano|felipe phil pipe|ferdinand ferdie|fernanda fer
fernando fer nando|florence flo|frances fran|francis frank|francisca paca pancha
francisco paco pancho fran frank cisco|francois frank|franklin frank|frederic fred
frederick fred freddy rick|gabriel gabe|gabriela gaby|gail gayle|garrett gary garry|gayle gail|genevieve gen
geoffrey geoff jeff|george georgie|gerald gerry jerry|gerard gerry|gerardo jerry|gertrude trudy
gilbert gil bert|gilberto beto|giovanni gio john|giuseppe joe|gloria glo|graciela chela|gregory greg
grzegorz greg|guadalupe lupe lupita|guillaume gui will|guillermo memo|gustavo gus tavo|harold hal harry
harpreet harry|harrison harry|hao howard|hector tito|helen ellen nell lena|henry hank harry
herbert herb bert|hilda hildy|howard howie|hugh hughie|humberto beto|hussein husain hussain|ignacio nacho
imelda mel|irene renie|isaac ike|isabel isa chabela|isabella bella izzy|isabelle isa|ivan vanya|jacob jake
jacqueline jackie|jaime jimmy|jakub kuba jacob|james jim jimmy jamie jem|jan john janusz|janet jan|jason jay
javier javi|jean jeannie|jean-francois jf|jean-philippe jp|jeannette jean jeannie|jeffrey jeff
jennifer jen jenny|jeremiah jerry|jeremy jerry|jerome jerry|jerzy george|jessica jess jessie
jesus chuy chucho|jill jillian|jillian jill|joanna asia|joanne jo joann joanie|jian jason|jing jenny
joaquin quino|jocelyn joy joss|johanna hanna jo|john johnny jack jon|jonathan jon|joon john
jorge coque george|jose pepe joey joe|josefina josie pepa|joseph joe joey|josephine jo josie|joshua josh
josue josh|juan juanito|juan-carlos juanca|judith judy|julia jules|julian jules|julie jules|julio jules
karen kari|karl carl|kasey casey|katarzyna kasia kathy kate|katherine kate katie kathy kat kathryn katy
kathleen kathy kate|katrina kat trina|kenneth ken kenny|kevin kev|khalid khaled|kimberly kim|kirsten kirstie
kristen kris|kristina kris tina|kristopher kris chris|krishna kris|krystyna krysia|krzysztof krzys chris
kurt curt|laila layla leila|lakshmi laxmi|larry lawrence laurence|laura lori laurie|lauren laurie
laurent laurie|leila layla|leonard leo len lenny|leonardo leo|leopold leo|leslie lesley|leticia lety letty
lewis lew louis|li lily|lillian lily lil|linda lindy|ling linda|lindsay lindsey|lorenzo lencho|lorraine lori
louis lou louie|louise lou|lourdes lulu|lucia lucy luci|lucille lucy|luis lucho|lukasz luke lucas lukas
luz lucita|luz-maria luzma|madeline maddie|madison maddie|magdalena magda|mahmoud mahmud|malcolm mal
malgorzata gosia margaret|manuel manny manolo|manuela manu|marc mark|marcela chela|marcus marc mark
margaret maggie meg peggy marge margie greta|margarita rita margo mago maggie|marguerite margot|maria mari
maria-elena malena|maria-jose majo|maria-luisa marilu|maria-teresa maite|mariam maryam|marianne mary
marie-claude mc|marisol mari|marjorie marge|martha marty|martin marty|martina tina|marvin marv|maryann mary
mathieu mat matt|matthew matt|maurice mo moe|mauricio mau|maxime max|maximilian max|maxwell max|megan meg
mei may|melanie mel|melissa mel missy|melvin mel|mercedes meche|mervyn merv|micah mike
michael mike mick mickey mikey|michal michael|michel mike|michele michelle shelly|micheline mimi
miguel mike migue|mikhail misha mike|milagros mila|mildred millie|mitchell mitch
mohammed mohamed muhammad mo mohammad moe mohd|monica moni|montserrat montse|mustafa moustafa mostafa
nadine nadia|nancy nan|natalia nata|natalie nat|natasha tasha nat|nathalie natalie nat|nathan nate
nathaniel nate nat|neil neal|nicholas nick nicky|nicolas nick nico|nicole nikki|nikhil nik|nora norah
norberto beto|norman norm|octavio tavo|ofelia fela|oliver ollie|olivia liv livvy|oscar ozzie|osvaldo ozzie
pamela pam|paola pao|patrice pat|patricia pat patty tricia trish pati patti|patrick pat paddy|paul paulie
paulina pau|pauline polly|pawel paul|penelope penny|peter pete|philip phil phillip|philippa pippa
philippe phil|pierre peter|piotr peter pete|preston pres|priscilla cilla|rachel rae|rachelle shelly
rafael rafa|rajendra raj|rajesh raj|ralph ralphie|ramon moncho|randall randy|raphael rafe|raul rulo
raymond ray|rebecca becky becca|refugio cuca|reginald reg reggie|renata ren|reynaldo rey|rhonda ronnie
ricardo rick richie cardo|richard rick rich richie dick ricky|robert bob bobby rob robbie bert
roberta bobbie robbie|roberto beto rob|rodney rod|rodolfo rudy|rodrigo rod rodri|rogelio roger|roger rog
roland rollie|ronald ron ronnie|rosa rosita|rosalind roz|rosalinda rosa linda|rosario chayo charo|rose rosie
rosemary rose rosie|rowena weng|roxanne roxy|roy leroy|ruben rube|rupert bert|russell russ
salvador chava sal|samantha sam|samir sam|samuel sam sammy|sandeep sandy|sandra sandy|santiago santi chago
sarah sally sara|sean shawn shaun|sebastian seb|sebastien seb|selina lina|serge sergio|sergio checo
sharon shari|shirley shirl|siddharth sid|sidney sid sydney|simone mona|sofia sofi|solomon sol|sophia sophie
spencer spence|stacey stacy|stanislaw stan|stanley stan|stefan stephen steve|stefanie stephanie steph
stella estelle|stephanie steph|stephen steve steven stevie|steven steve stevie|susan sue susie suzy
susana susy|suzanne sue suzy|sylvia syl|szymon simon|tabitha tabby|tadeusz ted|tamara tammy|tatiana tanya
teodoro teo|terence terry|teresa tere terry|terrance terry|terrence terry|theodore ted teddy theo
theresa terry tess|thomas tom tommy|tiffany tiff|timothee tim|timothy tim timmy|tobias toby|tomas tom tommy
tomasz tomek tom|tracy tracey|trevor trev|tyler ty|ursula ulla|valentina vale|valeria vale|valerie val
vanessa van|venkatesh venkat venky|veronica vero ronnie|veronique vero|vicente chente|victor vic vick
victoria vicky tori|vikram vik vick|vincent vince vinny|virginia ginny|vladimir vlad|wallace wally
walter walt|wen wendy|wesley wes|wilfred will fred|william will bill billy liam willie|winifred winnie
wojciech wojtek|xavier xavi|xiomara xio|yasmin yas jasmine|yevgeny eugene|yolanda yoli
youssef yusuf yousef joe joseph|yvonne evie|zachary zach zack|zbigniew zbyszek|zofia zosia sophie
"""


_ALL = [part.split() for part in _GROUPS.replace("\n", "|").split("|") if part]
_ROOTS = [names[0] for names in _ALL]


def _index() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, names in enumerate(_ALL):
        for name in names:
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _joined() -> dict[str, str]:
    """By name, one for all that are joined by forms in common: Steve joins Steven, Stephen and Esteban."""
    found: dict[str, str] = {}
    for names in _ALL:
        known = {found[name] for name in names if name in found}
        joined = (*names, *(name for name, head in found.items() if head in known))
        found |= dict.fromkeys(joined, names[0])
    return found


_GROUP_OF = _index()
_JOINED = _joined()
_NONE: frozenset[int] = frozenset()


@lru_cache(maxsize=1024)
def are_forms_of_one_name(one: str, other: str) -> bool:
    """True for Bob and Robert, Paco and Francisco. Names as written; accents and case do not matter."""
    first, second = fold(one).replace(" ", "-"), fold(other).replace(" ", "-")
    return first == second or bool(_GROUP_OF.get(first, _NONE) & _GROUP_OF.get(second, _NONE))


@lru_cache(maxsize=1024)
def root(name: str) -> str:
    """One spelling for every form of a folded name: "robert" for "bob"; a rare name is its own."""
    groups = _GROUP_OF.get(name)
    return _ROOTS[min(groups)] if groups else name


def forms(name: str) -> frozenset[str]:
    """Every form of a folded name, itself among them: "rob" and "bert" too for "bob"."""
    return frozenset((name, *(form for group in _GROUP_OF.get(name, _NONE) for form in _ALL[group])))


def meeting_name(name: str) -> str:
    """The same for any two folded names that one person may give, and for some others: for look-ups."""
    return _JOINED.get(name, name)


def is_given_name(text: str) -> bool:
    """True for a single word that is one of the names above; a rare name is not."""
    return fold(text[:100]).replace(" ", "-") in _GROUP_OF
