"""How much it says that two people bear the same name: bits, the fewer the commoner the name is.

log2(1/share) of the share of people who bear it in the United States and Canada, in steps of half a bit
(US Census 2010 surnames, Social Security given names; rounded). A name that is not here is a rare one.
"""

from __future__ import annotations

from functools import lru_cache

from mapping.normalize.text import fold
from mapping.people.nicknames import root

# bits: names
_LAST = """
7: smith johnson
7.5: williams brown jones
8: garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson
8.5: thomas taylor moore jackson martin lee perez thompson white harris sanchez clark
9: ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores green adams nelson
9: baker hall rivera
9.5: campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes
9.5: stewart morris morales murphy cook rogers gutierrez ortiz morgan cooper peterson bailey reed kelly
9.5: howard ramos kim cox ward richardson watson brooks chavez wood james bennett gray mendoza ruiz hughes
9.5: price alvarez castillo sanders patel myers singh tremblay gagnon roy wong chan wang li chen zhang khan
10: long ross foster jimenez powell jenkins perry russell sullivan bell coleman butler henderson barnes
10: gonzales fisher vasquez simmons romero jordan patterson alexander hamilton graham reynolds griffin
10: wallace moreno west cole hayes bryant herrera gibson ellis tran medina aguilar stevens murray ford
10: castro marshall owens harrison fernandez mcdonald woods washington kennedy wells vargas henry liu
10: freeman webb tucker guzman burns crawford olson simpson porter hunter gordon mendez silva shaw snyder
10: mason dixon munoz hunt hicks holmes palmer wagner black robertson boyd rose stone salazar fox warren
10: mills meyer rice schmidt garza daniels ferguson nichols stephens soto weaver ryan gardner payne grant
10: dunn kelley spencer hawkins arnold pierce hansen peters santos hart bradley knight elliott cunningham
10: duncan armstrong hudson carroll lane riley andrews alvarado ray delgado berry perkins hoffman johnston
10: matthews pena richards contreras willis carpenter lawrence sandoval ali ahmed cote bouchard gauthier
10: morin lavoie fortin gagne ouellet pelletier belanger levesque bergeron leblanc cohen kaur sharma pham
10: huynh phan vu vo hoang le dang bui ngo park choi jung kang cho chang yang huang wu zhao lin lam kumar
10: shah gupta gill hussain hassan mohamed abdullah malik rahman bautista ortega
10.5: duong do yoon han shin lim zhou xu sun ma zhu hu guo he gao luo leung cheung ng ho tang lau yip reddy
10.5: rao desai mehta nair joshi verma aziz qureshi haddad farah nowak kowalski villanueva ocampo guerrero
10.5: estrada nunez rios fuentes espinoza cervantes girard simard boucher caron poirier fournier mcleod
10.5: mccarthy obrien oconnor romano russo schneider weber dhillon sidhu grewal iyer menon kapoor malhotra
10.5: delacruz ibarra zamora
"""
_FIRST = """
5: james john robert michael
5.5: william david mary
6: richard joseph thomas charles christopher daniel matthew jennifer patricia linda elizabeth maria jose
6.5: anthony mark donald steven paul andrew joshua barbara susan jessica sarah karen lisa nancy betty sandra
6.5: margaret ashley kimberly emily donna michelle brian kevin jason jeffrey ryan jacob gary nicholas eric
6.5: jonathan stephen larry justin scott brandon benjamin samuel juan luis carlos mohammed
7: kenneth george timothy ronald edward carol amanda melissa deborah stephanie dorothy rebecca sharon laura
7: cynthia amy kathleen angela shirley brenda emma anna pamela nicole samantha katherine christine helen
7: debra rachel carolyn janet catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly
7: christina joan evelyn judith andrea hannah megan cheryl jacqueline martha madison teresa gloria sara
7: janice ann kathryn abigail sophia frances jean alice judy isabella julia grace amber denise danielle
7: marilyn beverly charlotte natalie theresa diana brittany doris kayla alexis lori marie gregory frank
7: alexander raymond patrick jack dennis jerry tyler aaron jorge miguel jesus francisco antonio manuel pedro
7: henry nathan douglas peter zachary kyle walter ethan jeremy harold keith christian roger noah gerald carl
7: terry sean austin arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie gabriel logan
7: alan wayne roy ralph randy eugene vincent russell elijah louis bobby philip johnny mohamed ahmed
7.5: rosa ana carmen guadalupe alejandro roberto eduardo fernando ricardo javier sergio rafael ramon raul
7.5: mario oscar hector marco victor ruben angel alberto enrique cesar armando pablo julio diego andres
7.5: veronica leticia alejandra adriana claudia gabriela silvia norma yolanda margarita juana lucia sofia
7.5: alicia irma esperanza josefina beatriz mia ava chloe zoe ella lily leah natasha erin jamie paula
7.5: crystal wendy dawn robin rhonda tracy tina regina sylvia peggy rita connie bonnie april vanessa valerie
7.5: monica jill gina sheila tammy tonya yvonne marcus curtis todd chad craig shawn travis dustin derek adam
7.5: ian lucas mason liam oliver isaac caleb evan luke cameron connor owen wei li min pierre michel marc luc
7.5: andre alain sylvie nathalie isabelle priya raj amit sanjay fatima omar ali hassan ibrahim aisha
8: mei jing yan ling hui ying fang ming jun jian lei hao feng tao bo hong linh lan huong mai thuy hoa minh
8: hung tuan duc dung thanh quang van hai khoa kim anh jin joon jiyoung minji piotr krzysztof andrzej tomasz
8: pawel jan katarzyna agnieszka khalid youssef mahmoud mustafa hussein rahul vijay anil sunil ravi suresh
8: anita sunita pooja neha kavita harpreet gurpreet manpreet mathieu alexandre guillaume simon nicolas
8: philippe olivier sebastien annie caroline chantal martine louise helene audrey sophie melanie josee marla
8: carla darla karla marlene arlene darlene charlene sherry terri kerri kelli keri kari kara cara tara lara
8: dana dena deana deena gena jenna jana janna hanna hana anne annette joanna joanne johanna jeanne jeannie
8: jaime jamal jayden hayden aiden caden kaden brayden landon london carson larson parker tucker ellen
8: helena elena alina selena celina marina karina corina martina christa krista kristi kristy christy misty
8: lynn lynne glenn glen dale gail gayle hugo bruno brent brett bret grant clark clay cory corey colin
8: collin cody ivan ewan ryder rylan dillon kelvin calvin melvin alvin marvin gavin devin devon trevor
8: taylor tanner trent trenton troy ted ned fred alfred wilfred winston wade ward warren darren darrin daren
8: lorraine lorena loretta lola lolita lana luna nora norah noel nelly molly polly holly hollie dolly ruthie
8: rosie rosemary maureen noreen doreen eileen aileen ilene irene ivy eva evie effie elsie ellie allie
8: callie hallie sally sadie beth bethany britney whitney courtney stacy stacey tracey casey kasey lacey
8: macy marcy darcy marissa larissa alana elaine blaine dwayne duane shane shauna shawna shana tasha sasha
8: misha raisa elisa eliza kayden jaden carly karly darrel darryl yong juliana briana brianna ariana
8: mariana tatiana liliana georgiana roberta francine paulina justine justina celine celena
"""
RARE_LAST, RARE_FIRST = 12.0, 9.0
_RARE = 15.5


def _table(text: str) -> dict[str, float]:
    lines = (line.split(":") for line in text.strip().splitlines())
    return {name: float(bits) for bits, names in lines for name in names.split()}


_LAST_BITS, _FIRST_BITS = _table(_LAST), _table(_FIRST)


@lru_cache(maxsize=1024)
def last_name_bits(name: str) -> float:
    """What it says that two people have this last name: 7 for Smith, 12 for a rare one."""
    return _last(fold(name).split())


@lru_cache(maxsize=1024)
def first_name_bits(name: str) -> float:
    """What it says that two people have this first name: 5 for James and Jim, 9 for a rare one."""
    return _first(fold(name).split())


def _last(words: list[str]) -> float:
    return min([_LAST_BITS.get(word, RARE_LAST) for word in words], default=0.0)


def _first(words: list[str]) -> float:
    if not words:
        return 0.0
    return min(_FIRST_BITS.get(words[0], RARE_FIRST), _FIRST_BITS.get(root(words[0]), RARE_FIRST))


def is_common_given_name(word: str) -> bool:
    """True for a folded word that is one of the commoner given names."""
    return word in _FIRST_BITS


def is_rare(one: str, other: str) -> bool:
    """True for a first and a last name, folded and in either order, that few bear together."""
    words, also = one.split("-"), other.split("-")
    return _first(words) + _last(also) >= _RARE and _first(also) + _last(words) >= _RARE
